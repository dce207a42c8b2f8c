"""The item types, one file each; `assessments.registry` holds the list of them."""
