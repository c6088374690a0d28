/** What other services have told this one, and how all its instances learn of it. */
@NullMarked
package io.smartnodes.router.heard;

import org.jspecify.annotations.NullMarked;
