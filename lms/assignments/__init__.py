"""Who has to do what by when: rules, direct assignments, exemptions, and the obligations derived from them."""
