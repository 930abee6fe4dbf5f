package dev.clerkmcp.clerk;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Checks server certificates against the authorities that Java trusts and those in PEM files. The
 * error for an untrusted certificate names the issuer, unlike Java's own.
 */
final class ServerTrust implements X509TrustManager {
  private static final Logger LOG = LoggerFactory.getLogger(ServerTrust.class);
  private static final Pattern CERTIFICATE = Pattern.compile("(?=-----BEGIN CERTIFICATE-----)");

  private final X509TrustManager manager;

  private ServerTrust(X509TrustManager manager) {
    this.manager = manager;
  }

  /** Trusts the authorities of Java and those in the files; invalid ones are logged and ignored. */
  static ServerTrust of(List<NetworkSettings.Authorities> files) {
    try {
      X509TrustManager java = manager(null);
      return new ServerTrust(files.isEmpty() ? java : manager(store(java, files)));
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("Java has no certificate authorities", e);
    }
  }

  private static X509TrustManager manager(@Nullable KeyStore store)
      throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return (X509TrustManager) factory.getTrustManagers()[0];
  }

  private static KeyStore store(X509TrustManager java, List<NetworkSettings.Authorities> files)
      throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    for (X509Certificate certificate : java.getAcceptedIssuers()) {
      store.setCertificateEntry("java " + store.size(), certificate);
    }
    for (NetworkSettings.Authorities file : files) {
      add(file, store);
    }
    return store;
  }

  private static void add(NetworkSettings.Authorities file, KeyStore store)
      throws GeneralSecurityException {
    CertificateFactory factory = CertificateFactory.getInstance("X.509");
    int damaged = 0;
    for (String pem : CERTIFICATE.split(contents(file), -1)) {
      if (!pem.startsWith("-----BEGIN")) {
        continue; // a comment before the first certificate
      }
      byte[] bytes = pem.getBytes(StandardCharsets.US_ASCII);
      try {
        store.setCertificateEntry(
            "file " + store.size(), factory.generateCertificate(new ByteArrayInputStream(bytes)));
      } catch (CertificateException e) {
        damaged++;
      }
    }
    if (damaged > 0) {
      LOG.warn(
          "{} certificates in the file that {} names cannot be read; they are ignored.",
          damaged,
          file.variable());
    }
  }

  private static String contents(NetworkSettings.Authorities file) {
    try {
      return Files.readString(file.file(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      LOG.warn("The file in {} can no longer be read; it is ignored.", file.variable());
      return "";
    }
  }

  /** Creates TLS sockets that trust these authorities. */
  SSLSocketFactory socketFactory() {
    try {
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, new TrustManager[] {this}, null);
      return context.getSocketFactory();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("Java has no TLS", e);
    }
  }

  @Override
  public void checkServerTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    try {
      manager.checkServerTrusted(chain, authType);
    } catch (CertificateException e) {
      throw new Rejected(chain, e);
    }
  }

  @Override
  public void checkClientTrusted(X509Certificate[] chain, String authType)
      throws CertificateException {
    manager.checkClientTrusted(chain, authType);
  }

  @Override
  public X509Certificate[] getAcceptedIssuers() {
    return manager.getAcceptedIssuers();
  }

  /** Reports that the certificate of a server is not trusted. */
  static final class Rejected extends CertificateException {
    private static final long serialVersionUID = 1L;

    private final transient X509Certificate[] chain;

    Rejected(X509Certificate[] chain, CertificateException cause) {
      super(cause.getMessage(), cause);
      this.chain = chain.clone();
    }

    /** The X.500 name of the authority that is not trusted. */
    String issuer() {
      return chain[chain.length - 1].getIssuerX500Principal().getName();
    }
  }
}
