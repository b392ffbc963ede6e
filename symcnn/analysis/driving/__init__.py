"""What drives a network's totals: its symbols and the sizes of its layers, varied one by one."""
