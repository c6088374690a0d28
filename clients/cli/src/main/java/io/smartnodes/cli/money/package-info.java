/** Money without anybody's help: releases, proofs and the escape after a silence. */
@NullMarked
package io.smartnodes.cli.money;

import org.jspecify.annotations.NullMarked;
