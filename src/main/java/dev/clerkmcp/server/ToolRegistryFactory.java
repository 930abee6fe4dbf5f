package dev.clerkmcp.server;

import dev.clerkmcp.clerk.ClerkClient;
import dev.clerkmcp.config.ConfigException;
import dev.clerkmcp.config.ServerConfig;
import dev.clerkmcp.interceptor.InterceptorFactory;
import dev.clerkmcp.interceptor.confirm.QuestionFiles;
import dev.clerkmcp.registry.ClerkInstance;
import dev.clerkmcp.registry.ClerkInstances;
import dev.clerkmcp.registry.ToolRegistry;
import dev.clerkmcp.transport.protocol.ToolRegistryProvider;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Builds the tools of a configuration when the server first needs them. */
public final class ToolRegistryFactory implements ToolRegistryProvider {
  /** Clerk's response to dummy calls: a list of one user. */
  private static final String USERS =
      """
      [{"id":"user_1","object":"user","username":null,"first_name":"A","last_name":"B",\
      "has_image":false,"image_url":"https://img.clerk.com/x","primary_email_address_id":"idn_1",\
      "primary_phone_number_id":null,"password_enabled":true,"two_factor_enabled":false,\
      "email_addresses":[{"id":"idn_1","object":"email_address","email_address":"a@b.example",\
      "verification":{"status":"verified","strategy":"email_code"},"linked_to":[]}],\
      "phone_numbers":[],"web3_wallets":[],"external_accounts":[],"public_metadata":{"k":[1]},\
      "private_metadata":{},"unsafe_metadata":{},"last_sign_in_at":1767225600000,"banned":false,\
      "locked":false,"updated_at":1767225600000,"created_at":1767225600000}]""";

  private final ServerConfig config;
  private final String userAgent;

  /** The sandbox, whose file is already open; null for Clerk. */
  private final @Nullable Supplier<ClerkInstances> sandbox;

  private @Nullable CompletableFuture<ClerkInstances> instances;

  private ToolRegistryFactory(
      ServerConfig config, String userAgent, @Nullable Supplier<ClerkInstances> sandbox) {
    this.config = config;
    this.userAgent = userAgent;
    this.sandbox = sandbox;
  }

  /**
   * Prepares to build the tools.
   *
   * @throws ConfigException if the sandbox's file cannot be used
   */
  public static ToolRegistryFactory of(ServerConfig config, String userAgent)
      throws ConfigException {
    return new ToolRegistryFactory(
        config, userAgent, config.sandbox() == null ? null : InstanceFactory.to(config, userAgent));
  }

  @Override
  public ToolRegistry tools() {
    // TLS takes as long to load as the tools, so both are loaded at once.
    CompletableFuture<ClerkInstances> made = CompletableFuture.supplyAsync(this::instances);
    instances = made;
    CompletableFuture<?> unused =
        made.thenRunAsync(() -> QuestionFiles.removeLeft(config.safety().secrets()));
    return ToolModule.registry(made::join, new InterceptorFactory(config.safety()));
  }

  /** The tools that answer what the policy would decide. */
  ToolRegistry policyTest() {
    return ToolModule.registry(this::instances, InterceptorFactory.forPolicyTest(config.safety()));
  }

  @Override
  public ToolRegistry warmUpTools() {
    if (instances != null && config.sandbox() == null) {
      CompletableFuture<?> unused = instances.thenAcceptAsync(ToolRegistryFactory::connect);
    }
    return ToolModule.warmUpTools(ClerkClient.answering(USERS));
  }

  private ClerkInstances instances() {
    try {
      return (sandbox == null ? InstanceFactory.to(config, userAgent) : sandbox).get();
    } catch (ConfigException e) {
      throw new IllegalStateException(
          "Only the sandbox's file can fail, and it was opened before", e);
    }
  }

  private static void connect(ClerkInstances instances) {
    for (ClerkInstance instance : instances.all()) {
      instance.clerk().connect();
    }
  }
}
