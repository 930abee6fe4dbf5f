package dev.clerkmcp.server;

import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.config.Config;
import dev.clerkmcp.config.ConfigException;
import dev.clerkmcp.interceptor.InterceptorChain;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.transport.protocol.ToolRegistryProvider;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Puts the tools of a configuration together, when asked to. */
public final class ToolRegistryFactory implements ToolRegistryProvider {
  /** One user as Clerk shows them, for calls that only rehearse. */
  private static final String SOMEBODY =
      """
      [{"id":"user_1","object":"user","username":null,"first_name":"A","last_name":"B",\
      "has_image":false,"image_url":"https://img.clerk.com/x","primary_email_address_id":"idn_1",\
      "primary_phone_number_id":null,"password_enabled":true,"two_factor_enabled":false,\
      "email_addresses":[{"id":"idn_1","object":"email_address","email_address":"a@b.example",\
      "verification":{"status":"verified","strategy":"email_code"},"linked_to":[]}],\
      "phone_numbers":[],"web3_wallets":[],"external_accounts":[],"public_metadata":{"k":[1]},\
      "private_metadata":{},"unsafe_metadata":{},"last_sign_in_at":1767225600000,"banned":false,\
      "locked":false,"updated_at":1767225600000,"created_at":1767225600000}]""";

  private final Config config;
  private final String userAgent;
  private final @Nullable Supplier<ClerkInstances> checked;
  private @Nullable CompletableFuture<ClerkInstances> instances;

  private ToolRegistryFactory(
      Config config, String userAgent, @Nullable Supplier<ClerkInstances> checked) {
    this.config = config;
    this.userAgent = userAgent;
    this.checked = checked;
  }

  /**
   * Prepares to put them together.
   *
   * @throws ConfigException if the sandbox's file cannot be used
   */
  public static ToolRegistryFactory of(Config config, String userAgent) throws ConfigException {
    boolean mayFail = config.sandbox() != null;
    return new ToolRegistryFactory(
        config, userAgent, mayFail ? InstanceFactory.to(config, userAgent) : null);
  }

  @Override
  public ToolRegistry tools() {
    // TLS takes as long to load as the tools do.
    CompletableFuture<ClerkInstances> made = CompletableFuture.supplyAsync(this::instances);
    instances = made;
    return ToolModule.registry(made::join, new InterceptorChain(config.rails()));
  }

  @Override
  public ToolRegistry rehearsal() {
    if (instances != null && config.sandbox() == null) {
      CompletableFuture<?> unused = instances.thenAcceptAsync(ToolRegistryFactory::connect);
    }
    return ToolModule.rehearsal(ClerkClient.rehearsing(SOMEBODY));
  }

  private ClerkInstances instances() {
    try {
      return (checked == null ? InstanceFactory.to(config, userAgent) : checked).get();
    } catch (ConfigException e) {
      throw new IllegalStateException("Only a sandbox's file can be wrong", e);
    }
  }

  private static void connect(ClerkInstances instances) {
    for (ClerkInstance instance : instances.all()) {
      instance.clerk().connect();
    }
  }
}
