package io.smartnodes.registry;

import io.smartnodes.crypto.Address;
import io.smartnodes.crypto.Bytes;
import io.smartnodes.crypto.PublicKey;
import io.smartnodes.proto.signer.v1.Signable;
import io.smartnodes.protocol.PeerId;
import io.smartnodes.protocol.Role;
import io.smartnodes.protocol.dht.DhtRecord;
import io.smartnodes.protocol.peer.Endpoint;
import io.smartnodes.protocol.peer.NodeRecord;
import io.smartnodes.quarkus.NodeIdentity;
import io.smartnodes.quarkus.SignerClient;
import io.smartnodes.wire.PeerStructs;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.eclipse.microprofile.config.Config;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Says in the DHT where we listen. Each service is at {@code smartnodes.public-host} and {@code
 * smartnodes.public-port} (by default the port we listen on), unless {@code
 * smartnodes.services.NAME.public-address} says otherwise.
 */
@Singleton
public class Announcer {
  private static final List<String> SERVICES =
      List.of("peer-registry", "job-router", "attestation", "reputation-ledger", "chain-proposer");

  private static final int MAX_PORT = 65_535;

  private final NodeIdentity identity;
  private final SignerClient signer;
  private final RegistryStore store;
  private final Contacts contacts;
  private final Dht dht;
  private final RegistryConfig settings;
  private final Config config;
  private final Address operator;
  private final InstantSource time = InstantSource.system();

  /** Called by the container. */
  @Inject
  public Announcer(
      NodeIdentity identity,
      SignerClient signer,
      RegistryStore store,
      Contacts contacts,
      Dht dht,
      RegistryConfig settings,
      Config config,
      @ConfigProperty(name = "smartnodes.operator") String operator) {
    this.identity = identity;
    this.signer = signer;
    this.store = store;
    this.contacts = contacts;
    this.dht = dht;
    this.settings = settings;
    this.config = config;
    this.operator = Address.fromHex(operator);
    // A wrong address is worth a start that fails, not a record that nobody can use.
    SERVICES.forEach(service -> given(config, service));
  }

  /** Our operator account. */
  Address operator() {
    return operator;
  }

  /**
   * Signs a new record, keeps it and stores it at the nodes closest to us.
   *
   * @return how many nodes hold it, ourselves included
   * @throws io.grpc.StatusRuntimeException if the signer does not answer
   */
  int announce() {
    Instant now = time.instant();
    PeerId self = identity.peerId();
    // The clock alone may go back, the last record alone may be lost with the database.
    long sequence =
        Math.max(
            now.getEpochSecond(), store.last(self).map(last -> last.sequence() + 1).orElse(1L));
    NodeRecord record =
        new NodeRecord(
            self,
            operator,
            Role.VALIDATOR.bit(),
            endpoints(config),
            List.of(),
            sequence,
            now.plus(settings.recordLife()).truncatedTo(ChronoUnit.SECONDS));
    Bytes signature =
        signer.sign(Signable.newBuilder().setNodeRecord(PeerStructs.toProto(record)).build());
    PublicKey key =
        identity
            .domain()
            .signer(record, signature)
            .filter(signing -> PeerId.of(signing).equals(self))
            .orElseThrow(
                () -> new IllegalStateException("the signer holds another key than " + self));
    DhtRecord.OfNode signed = new DhtRecord.OfNode(record, key, signature);
    contacts.own(signed);
    return dht.publish(signed);
  }

  /** Takes the record that another instance has signed, if it is newer than what is known here. */
  void recall() {
    store
        .last(identity.peerId())
        .flatMap(
            record -> record instanceof DhtRecord.OfNode own ? Optional.of(own) : Optional.empty())
        .filter(last -> contacts.own().map(own -> own.sequence() < last.sequence()).orElse(true))
        .ifPresent(contacts::own);
  }

  /**
   * Where strangers reach each service; read at each call, since a test's port is known after the
   * start only.
   *
   * @throws IllegalArgumentException that names the key whose value is no {@code host:port}
   */
  static List<Endpoint> endpoints(Config config) {
    return SERVICES.stream()
        .map(service -> given(config, service).orElseGet(() -> usual(config, service)))
        .toList();
  }

  private static Optional<Endpoint> given(Config config, String service) {
    String key = "smartnodes.services." + service + ".public-address";
    return config.getOptionalValue(key, String.class).map(text -> parse(key, service, text));
  }

  private static Endpoint parse(String key, String service, String text) {
    int colon = text.lastIndexOf(':');
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      if (colon > 0 && port > 0 && port <= MAX_PORT) {
        return new Endpoint(service, text.substring(0, colon), port);
      }
    } catch (NumberFormatException noPort) {
      throw new IllegalArgumentException(key + " is not host:port: " + text, noPort);
    }
    throw new IllegalArgumentException(key + " is not host:port: " + text);
  }

  private static Endpoint usual(Config config, String service) {
    String host =
        config.getOptionalValue("smartnodes.public-host", String.class).orElse("localhost");
    int port =
        config
            .getOptionalValue("smartnodes.public-port", Integer.class)
            .orElseGet(() -> config.getValue("quarkus.http.ssl-port", Integer.class));
    return new Endpoint(service, host, port);
  }
}
