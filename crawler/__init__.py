"""RUN: the only package that knows the others. The command line, the crawl, its politeness and its reports."""
