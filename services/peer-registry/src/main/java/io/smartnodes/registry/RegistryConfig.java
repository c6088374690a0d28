package io.smartnodes.registry;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;

/** Times and limits of the registry; the defaults are those of the protocol. */
@ConfigMapping(prefix = "smartnodes.registry")
public interface RegistryConfig {
  /** How long a node record of ours lives. */
  @WithDefault("60M")
  Duration recordLife();

  /** How often our node record is signed anew. */
  @WithDefault("10M")
  Duration announceEvery();

  /** How often stored records are handed to the nodes closest to them. */
  @WithDefault("20M")
  Duration republishEvery();

  /** Buckets that nobody was heard of in for so long are refreshed. */
  @WithDefault("60M")
  Duration refreshEvery();

  /** First pause between attempts to reach a validator; it doubles. */
  @WithDefault("0.5S")
  Duration firstRetry();

  /** Longest pause between attempts to reach a validator. */
  @WithDefault("30S")
  Duration lastRetry();

  /** How long a peer may take to answer. */
  @WithDefault("3S")
  Duration patience();

  /** Registrations that one peer, and one account, may try in a minute. */
  @WithDefault("12")
  int registrationsPerMinute();

  /** Records that a worker or user may store or publish in a minute. */
  @WithDefault("60")
  int recordsPerMinute();
}
