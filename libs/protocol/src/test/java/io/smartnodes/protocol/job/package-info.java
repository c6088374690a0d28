@NullMarked
package io.smartnodes.protocol.job;

import org.jspecify.annotations.NullMarked;
