/** The demonstration: one job from deposit to claim, told, checked and reported. */
@NullMarked
package io.smartnodes.cli.demo;

import org.jspecify.annotations.NullMarked;
