@NullMarked
package io.smartnodes.router;

import org.jspecify.annotations.NullMarked;
