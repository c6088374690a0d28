@NullMarked
package io.smartnodes.sdk;

import org.jspecify.annotations.NullMarked;
