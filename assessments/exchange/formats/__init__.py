"""The formats, one file each. `listing.FORMATS` is the one list of them."""
