"""What rules of all frameworks share: what is made of a call whose arguments are understood.

* layers: convolutions, linear layers, normalisation, reductions;
* arithmetic, axes, pieces, products: elements, orders of axes, parts and wholes, products of matrices.
"""
