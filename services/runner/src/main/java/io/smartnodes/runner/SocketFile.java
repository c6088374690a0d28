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
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The place of the socket: in a directory in which no other user can put another socket in its
 * place, and never over somebody else's file. The directory is this user's and nobody else writes
 * to it, or it is root's, who has given it to whom he meant: a volume that a pod's containers share
 * is root's and open to all of them. In both, a sticky bit makes it harmless that others write.
 */
final class SocketFile {
  private static final Set<PosixFilePermission> OWNER =
      PosixFilePermissions.fromString("rwx------");

  private static final int ROOT = 0;
  private static final int OTHERS_WRITE = 0022;
  private static final int STICKY = 01000;

  private SocketFile() {}

  /**
   * Makes the place free: its directory is there, and a socket that a killed runner left is gone.
   *
   * @throws IOException when the path is another file, a runner listens there, or the directory is
   *     another user's or open to others; the message says which
   */
  static void prepare(Path socket) throws IOException {
    Path directory = Objects.requireNonNull(socket.toAbsolutePath().getParent());
    if (!Files.isDirectory(directory)) {
      Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(OWNER));
    }
    refuseForeign(directory);
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

  private static void refuseForeign(Path directory) throws IOException {
    Map<String, Object> told = Files.readAttributes(directory, "unix:uid,mode");
    int owner = (Integer) Objects.requireNonNull(told.get("uid"));
    int mode = (Integer) Objects.requireNonNull(told.get("mode"));
    if (owner != ROOT && owner != ownUser(directory)) {
      throw new IOException(
          directory + " belongs to another user, who could answer for the runner");
    }
    if (owner != ROOT && (mode & OTHERS_WRITE) != 0 && (mode & STICKY) == 0) {
      throw new IOException(directory + " is open to other users: take their right to write away");
    }
  }

  /** The owner of a file that this process makes; no platform tells it more simply. */
  private static int ownUser(Path directory) throws IOException {
    Path probe = Files.createTempFile(directory, ".owner", "");
    try {
      return (Integer) Files.getAttribute(probe, "unix:uid");
    } finally {
      Files.delete(probe);
    }
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
