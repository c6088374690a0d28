/** Packs staged folders into container images without a container engine, and checks the result. */
@NullMarked
package io.smartnodes.images;

import org.jspecify.annotations.NullMarked;
