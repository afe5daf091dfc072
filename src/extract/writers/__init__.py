"""Writers turn reports into the files of out/. Only they touch the folder; see `folder` for how it is replaced."""
