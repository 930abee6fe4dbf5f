package dev.clerkmcp.config;

import dev.clerkmcp.Setting;
import dev.clerkmcp.clerk.NetworkSettings;
import dev.clerkmcp.clerk.SecretKey;
import dev.clerkmcp.json.TextFile;
import dev.clerkmcp.sandbox.Sandbox;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Holds the settings of the connection to Clerk.
 *
 * @param key null if none is set: the server starts all the same, and calls say how to set it
 * @param baseUrl the URL that paths are appended to, such as {@code https://api.clerk.com/v1}
 * @param network the proxy to Clerk, and the certificate authorities to trust
 * @param timeout the longest time that a call to Clerk may take, retries included
 * @param pacing whether calls wait, so that they keep to Clerk's rate limits
 * @param traceparent whether Clerk gets the {@code traceparent} of each call
 */
public record ClerkConfig(
    @Nullable SecretKey key,
    String baseUrl,
    NetworkSettings network,
    Duration timeout,
    boolean pacing,
    boolean traceparent) {
  /** The most bytes of a file that holds a key. */
  static final int MAX_KEY_BYTES = 4096;

  private static final int MAX_KEY_SECONDS = 5;

  /**
   * Reads the settings.
   *
   * @param sandbox whether the sandbox replaces Clerk
   */
  static ClerkConfig from(Environment environment, boolean sandbox) {
    SecretKey key = key(environment);
    String baseUrl = baseUrl(environment);
    if (sandbox) {
      rejectBesideSandbox(environment, key);
    } else if (key != null
        && key.isSandbox()
        && !isLocal(baseUrl)
        && !environment.isMistaken(Setting.SANDBOX)) {
      environment.mistake(
          "%s holds the sandbox's key; set %s=true as well."
              .formatted(
                  environment.isSet(Setting.SECRET_KEY_FILE)
                      ? Setting.SECRET_KEY_FILE
                      : Setting.SECRET_KEY,
                  Setting.SANDBOX));
    }
    return new ClerkConfig(
        sandbox && key == null ? SecretKey.of(Sandbox.SECRET_KEY) : key,
        sandbox ? Sandbox.BASE_URL : baseUrl,
        sandbox ? NetworkSettings.DIRECT : NetworkConfig.from(environment, baseUrl),
        environment.seconds(Setting.TIMEOUT),
        environment.isOn(Setting.PACING),
        environment.isOn(Setting.TRACEPARENT));
  }

  /**
   * Rejects a real key or address beside the sandbox: a person who sets one does not expect made-up
   * users.
   */
  private static void rejectBesideSandbox(Environment environment, @Nullable SecretKey key) {
    if (key != null && !key.isSandbox()) {
      environment.mistake(
          "%s is on, and there is a key of a real instance; remove one of them."
              .formatted(environment.origin(Setting.SANDBOX)));
    }
    for (Setting setting : List.of(Setting.API_URL, Setting.API_PREFIX)) {
      if (environment.isSet(setting)) {
        environment.mistake(
            "%s is on, so %s has no meaning; remove one of them."
                .formatted(environment.origin(Setting.SANDBOX), setting));
      }
    }
  }

  // The key

  private static @Nullable SecretKey key(Environment environment) {
    String key = environment.find(Setting.SECRET_KEY);
    String file = environment.find(Setting.SECRET_KEY_FILE);
    if (key != null && file != null) {
      environment.mistake(
          "Set %s or %s, not both.".formatted(Setting.SECRET_KEY, Setting.SECRET_KEY_FILE));
      return null;
    }
    if (file != null) {
      return fromFile(environment);
    }
    if (key == null) {
      return null;
    }
    try {
      return SecretKey.of(key);
    } catch (IllegalArgumentException e) {
      environment.mistake("%s %s.".formatted(Setting.SECRET_KEY, e.getMessage()));
      return null;
    }
  }

  private static @Nullable SecretKey fromFile(Environment environment) {
    Path path = environment.path(Setting.SECRET_KEY_FILE);
    if (path == null) {
      return null;
    }
    try {
      String text =
          Files.isRegularFile(path) ? TextFile.readTrusted(path, MAX_KEY_BYTES) : readWithin(path);
      if (text != null) {
        return SecretKey.of(text);
      }
      environment.reject(
          Setting.SECRET_KEY_FILE,
          "this is not a regular file, and no key came from it within %s s"
              .formatted(MAX_KEY_SECONDS));
    } catch (IOException e) {
      environment.reject(Setting.SECRET_KEY_FILE, "this file cannot be read");
    } catch (TextFile.UnusableFileException e) {
      environment.reject(Setting.SECRET_KEY_FILE, "this file " + e.getMessage());
    } catch (IllegalArgumentException e) {
      environment.reject(Setting.SECRET_KEY_FILE, "the text in this file " + e.getMessage());
    }
    return null;
  }

  /**
   * Reads a pipe into which another program writes the key; null if no key comes in time. A read
   * from a pipe cannot be interrupted, so a daemon thread does it.
   */
  private static @Nullable String readWithin(Path path)
      throws IOException, TextFile.UnusableFileException {
    FutureTask<byte[]> contents =
        new FutureTask<>(
            () -> {
              try (InputStream in = Files.newInputStream(path)) {
                return in.readNBytes(MAX_KEY_BYTES + 1);
              }
            });
    Thread reader = new Thread(contents, "key");
    reader.setDaemon(true);
    reader.start();
    try {
      byte[] bytes = contents.get(MAX_KEY_SECONDS, TimeUnit.SECONDS);
      return TextFile.read(new ByteArrayInputStream(bytes), MAX_KEY_BYTES);
    } catch (TimeoutException e) {
      return null;
    } catch (ExecutionException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }

  // The address

  private static String baseUrl(Environment environment) {
    String prefix = Setting.API_PREFIX.defaultValue();
    String standard = Setting.API_URL.defaultValue() + prefix;
    if (!environment.isSet(Setting.API_URL) && !environment.isSet(Setting.API_PREFIX)) {
      return standard;
    }
    if (environment.text(Setting.API_PREFIX).matches("/|(/[A-Za-z0-9_~-][A-Za-z0-9._~-]*)+/?")) {
      prefix = environment.text(Setting.API_PREFIX);
    } else {
      environment.reject(Setting.API_PREFIX);
    }
    URI url = url(environment);
    if (url == null) {
      return standard;
    }
    String end = withoutSlash(prefix);
    String path = withoutSlash(url.getRawPath());
    return withoutSlash(url.toString()) + (path.endsWith(end) ? "" : end);
  }

  /** The URL of the API; null if it cannot be used. */
  private static @Nullable URI url(Environment environment) {
    URI url;
    try {
      url = new URI(environment.text(Setting.API_URL));
    } catch (URISyntaxException e) {
      environment.reject(Setting.API_URL);
      return null;
    }
    boolean http = "http".equalsIgnoreCase(url.getScheme());
    if (!isCallable(url) || !(http || "https".equalsIgnoreCase(url.getScheme()))) {
      environment.reject(Setting.API_URL);
    } else if (url.getRawUserInfo() != null
        || url.getRawQuery() != null
        || url.getRawFragment() != null) {
      environment.reject(Setting.API_URL, "it must be a plain URL without user, query or fragment");
    } else if (http && !isLoopback(url.getHost())) {
      environment.reject(
          Setting.API_URL,
          "it must begin with https://, or the secret key would be sent unencrypted");
    } else {
      return url;
    }
    return null;
  }

  private static boolean isCallable(URI url) {
    return url.getHost() != null
        && url.getHost().indexOf('%') < 0
        && (url.getPort() == -1 || (url.getPort() >= 1 && url.getPort() <= 65_535));
  }

  /** Whether a URL is on this computer. */
  static boolean isLocal(String url) {
    return isLoopback(URI.create(url).getHost());
  }

  private static boolean isLoopback(String host) {
    return host.equals("localhost")
        || host.equals("127.0.0.1")
        || host.equals("[::1]")
        || host.matches("127(\\.\\d{1,3}){3}");
  }

  private static String withoutSlash(String text) {
    int end = text.length();
    while (end > 0 && text.charAt(end - 1) == '/') {
      end--;
    }
    return text.substring(0, end);
  }
}
