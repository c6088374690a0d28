package io.smartnodes.runner;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributeView;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Objects;
import java.util.Set;

/** The place of the socket: in a directory for its owner alone, never over somebody else's file. */
final class SocketFile {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  private SocketFile() {}

  /**
   * Makes the place free: its directory is there, and a socket that a killed runner left is gone.
   *
   * @throws IOException when the path is another file, a runner listens there, or the directory is
   *     open to others; the message says which
   */
  static void prepare(Path socket) throws IOException {
    Path directory = Objects.requireNonNull(socket.toAbsolutePath().getParent());
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER));
    }
    if (!Files.exists(socket, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    var attributes =
        Files.getFileAttributeView(socket, PosixFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes();
    if (!attributes.isOther()) {
      throw new IOException(socket + " is not a socket: smartnodes.runner.socket names a file");
    }
    if (somebodyListens(socket)) {
      throw new IOException(socket + " is in use: another runner listens there");
    }
    Files.delete(socket);
  }

  /** For its owner alone, in case that the directory is somebody else's. */
  static void protect(Path socket) throws IOException {
    Files.setPosixFilePermissions(
        socket, EnumSet.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE));
  }

  private static boolean somebodyListens(Path socket) throws IOException {
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      return probe.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException nobody) {
      // Refused: what a killed process leaves behind.
      return false;
    }
  }
}
