"""Go-live plans: who must be trained by when, super-user cover by shift, forecast, what-if, and what happened then."""
