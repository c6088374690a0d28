/** What every service needs of Quarkus: transactions, peer TLS, caller rules, loopback channels. */
@NullMarked
package io.smartnodes.quarkus;

import org.jspecify.annotations.NullMarked;
