/** The tables of job-router. */
@NullMarked
package io.smartnodes.router.rows;

import org.jspecify.annotations.NullMarked;
