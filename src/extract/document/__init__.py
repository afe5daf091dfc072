"""One PDF → its report."""
