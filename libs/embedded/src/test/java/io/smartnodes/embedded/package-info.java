@NullMarked
package io.smartnodes.embedded;

import org.jspecify.annotations.NullMarked;
