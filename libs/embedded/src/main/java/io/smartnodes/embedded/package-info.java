/**
 * PostgreSQL, Kafka, anvil and child processes for laptops and tests: real parts, none of them in
 * memory.
 */
@NullMarked
package io.smartnodes.embedded;

import org.jspecify.annotations.NullMarked;
