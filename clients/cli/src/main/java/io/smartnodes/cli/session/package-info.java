/** One account connected to one network: registration, deposits, claims. */
@NullMarked
package io.smartnodes.cli.session;

import org.jspecify.annotations.NullMarked;
