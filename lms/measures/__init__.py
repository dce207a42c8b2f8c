"""Quality measures of the hospital: values by unit and period, what was known when, and control charts of them."""
