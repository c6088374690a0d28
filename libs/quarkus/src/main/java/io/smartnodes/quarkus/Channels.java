package io.smartnodes.quarkus;

import io.smartnodes.link.PeerChannels;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.InstantSource;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Makes the one {@link PeerChannels} of the process; {@code smartnodes.calls.timeout} is the
 * deadline of calls that have none of their own.
 */
@Singleton
public class Channels {
  @Produces
  @Singleton
  PeerChannels channels(
      NodeIdentity identity,
      @ConfigProperty(name = "smartnodes.calls.timeout", defaultValue = "10S") Duration timeout) {
    PeerChannels.Settings usual = PeerChannels.Settings.DEFAULT;
    return new PeerChannels(
        identity.tls(),
        identity.rule(),
        InstantSource.system(),
        new PeerChannels.Settings(
            timeout, usual.maxInboundBytes(), usual.maxChannels(), usual.idle()));
  }

  void close(@Disposes PeerChannels channels) {
    channels.close();
  }
}
