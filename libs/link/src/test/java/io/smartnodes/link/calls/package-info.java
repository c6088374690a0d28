@NullMarked
package io.smartnodes.link.calls;

import org.jspecify.annotations.NullMarked;
