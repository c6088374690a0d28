@NullMarked
package io.smartnodes.protocol.body.check;

import org.jspecify.annotations.NullMarked;
