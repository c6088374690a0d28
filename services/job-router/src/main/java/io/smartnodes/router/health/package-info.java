/** Whether the job-router can do its work. */
@NullMarked
package io.smartnodes.router.health;

import org.jspecify.annotations.NullMarked;
