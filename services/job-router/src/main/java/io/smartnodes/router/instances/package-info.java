/** What several processes of this service share, and who does what. */
@NullMarked
package io.smartnodes.router.instances;

import org.jspecify.annotations.NullMarked;
