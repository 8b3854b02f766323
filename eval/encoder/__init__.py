"""Our own encoder: data, training, averaging, pruning, quantising and measuring, each a command."""
