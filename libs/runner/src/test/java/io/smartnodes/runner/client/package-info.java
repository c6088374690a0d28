/** Tests of the rules by which a dead runner is blamed on a module. */
@NullMarked
package io.smartnodes.runner.client;

import org.jspecify.annotations.NullMarked;
