package dev.clerkmcp.clerk;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A proxy for HTTP and SOCKS 5 on the loopback. Every tunnel leads to the same port of this
 * computer, for any requested host, so that a test can give a server any name.
 */
public final class LoopbackProxy implements AutoCloseable {
  private final ServerSocket server;
  private final int target;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile AtomicBoolean silent = new AtomicBoolean();
  private volatile String answer = "200 OK";

  /** Listens on a free port. */
  public LoopbackProxy(int target) throws IOException {
    this.target = target;
    this.server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    start(this::accept);
  }

  /** The port. */
  public int port() {
    return server.getLocalPort();
  }

  /** The requests: the head of each CONNECT, or the host for SOCKS. */
  public List<String> requests() {
    return requests;
  }

  /** Responds to each CONNECT with a status such as {@code 403 Forbidden}. */
  public void answer(String status) {
    answer = status;
  }

  /** Drops all data in the present tunnels, without closing them; new tunnels work. */
  public void silenceTunnels() {
    silent.set(true);
    silent = new AtomicBoolean();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }

  private static void start(Step step) {
    Thread thread =
        new Thread(
            () -> {
              try {
                step.run();
              } catch (IOException e) {
                // one side has closed the connection
              }
            },
            "proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() throws IOException {
    while (true) {
      Socket client = server.accept();
      sockets.add(client);
      start(() -> serve(client));
    }
  }

  private void serve(Socket client) throws IOException {
    DataInputStream in = new DataInputStream(client.getInputStream());
    OutputStream out = client.getOutputStream();
    int first = in.read();
    if (first == 5) {
      socksHandshake(in, out);
    } else {
      requests.add((char) first + head(in));
      out.write(
          ("HTTP/1.1 " + answer + "\r\nContent-Length: 0\r\n\r\n")
              .getBytes(StandardCharsets.US_ASCII));
      if (!answer.startsWith("200")) {
        client.close();
        return;
      }
    }
    Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
    sockets.add(far);
    AtomicBoolean swallows = silent;
    start(() -> copy(in, far.getOutputStream(), swallows));
    copy(far.getInputStream(), out, swallows);
    client.close();
  }

  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      head.append((char) in.read());
    }
    return head.toString();
  }

  private void socksHandshake(DataInputStream in, OutputStream out) throws IOException {
    in.skipNBytes(in.read()); // authentication methods
    out.write(new byte[] {5, 0});
    in.skipNBytes(4); // version, command, reserved, kind of address: a name
    requests.add(new String(in.readNBytes(in.read()), StandardCharsets.US_ASCII));
    in.skipNBytes(2); // port
    out.write(new byte[] {5, 0, 0, 1, 0, 0, 0, 0, 0, 0});
  }

  private static void copy(InputStream in, OutputStream out, AtomicBoolean swallows)
      throws IOException {
    byte[] buffer = new byte[8192];
    for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
      if (!swallows.get()) {
        out.write(buffer, 0, read);
        out.flush();
      }
    }
  }

  /** Work that ends when a socket is closed. */
  private interface Step {
    void run() throws IOException;
  }
}
