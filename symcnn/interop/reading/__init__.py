"""What all that read a model share: a network in the making, from calls of operators to nested layers.

* leaves, each, meetings: layers and meetings that only imported networks have;
* values: tensors on the way, with the batch where the framework has it;
* source: what is asked of the model that is read;
* builder, calls: nodes from calls, and the weights that they use;
* nesting: nodes as networks under the paths of their modules, and the network as a whole.
"""
