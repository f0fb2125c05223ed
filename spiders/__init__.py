"""FIND: choose pages, yield `ArticleItem` and addresses, read no field."""
