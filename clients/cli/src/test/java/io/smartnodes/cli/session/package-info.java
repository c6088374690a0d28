@NullMarked
package io.smartnodes.cli.session;

import org.jspecify.annotations.NullMarked;
