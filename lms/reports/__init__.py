"""Reports for the CMIO: one frozen value behind page, JSON, CSV, XLSX and PDF. Writes nothing."""
