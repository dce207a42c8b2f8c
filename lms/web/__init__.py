"""What every page shares: extensions, the guard, headers, errors, the page shell. Imports no feature."""
