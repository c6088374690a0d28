@NullMarked
package io.smartnodes.link;

import org.jspecify.annotations.NullMarked;
