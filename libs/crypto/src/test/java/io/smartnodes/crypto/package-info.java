@NullMarked
package io.smartnodes.crypto;

import org.jspecify.annotations.NullMarked;
