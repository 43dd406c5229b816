"""Where masters and clips are kept: a folder or an S3-compatible bucket, with the same verbs."""
