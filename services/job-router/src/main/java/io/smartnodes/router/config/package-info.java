/** Settings of job-router. */
@NullMarked
package io.smartnodes.router.config;

import org.jspecify.annotations.NullMarked;
