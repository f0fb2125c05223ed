"""Taking in what is already there: saved pages, WARC and WACZ become visits, as if they had been fetched."""
