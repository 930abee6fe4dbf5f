package dev.clerkmcp.clerk.model;

import static org.assertj.core.api.Assertions.assertThat;

import dev.clerkmcp.clerk.model.FieldCatalog.Kind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests which fields are credentials, times or noise, also by object. */
final class FieldCatalogTest {
  @ParameterizedTest
  @ValueSource(strings = {"client_secret", "clientSecret", "Client-Secret", "CLIENT_SECRET"})
  void credentialNamesAreRecognizedInAnySpelling(String field) {
    assertThat(FieldCatalog.isCredential(field)).isTrue();
  }

  @Test
  void someNamesAreCredentialsAmongCustomKeysToo() {
    for (String name : new String[] {"aws_secret_access_key", "secretAccessKey"}) {
      assertThat(FieldCatalog.isCredentialEverywhere(name)).isTrue();
      assertThat(FieldCatalog.isCredential(name)).isTrue();
    }
    assertThat(FieldCatalog.isCredentialEverywhere("token")).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"client_secret_id", "key", "token_url", "first_name", ""})
  void otherNamesAreNotCredentials(String field) {
    assertThat(FieldCatalog.isCredential(field)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "OTHER, name, false, false, false",
    "USER, name, true, false, true",
    "ORGANIZATION, name, false, false, true",
    "OTHER, image_url, false, true, false",
    "USER, image_url, false, true, false",
    "ORGANIZATION, image_url, false, false, false",
    "ORGANIZATION, email_address, true, false, true",
    "OTHER, public_metadata, false, false, true",
    "USER, public_metadata, false, false, true",
    "USER, private_metadata, false, false, false",
    "INVITATION, private_metadata, false, false, true",
    "API_KEY, name, false, false, true",
    "API_KEY, description, false, false, true",
    "OTHER, description, false, false, false",
    "OAUTH_APPLICATION, name, false, false, true",
    "PASSKEY, name, true, false, true",
    "OTHER, label, true, false, true",
    "OTHER, provider_user_id, false, true, false",
    "INVITATION, public_metadata, false, false, true",
    "USER, unsafe_metadata, false, false, true",
    "OTHER, id, false, false, false"
  })
  void someFieldsDependOnTheObject(
      Kind kind, String field, boolean shortened, boolean hidden, boolean untrusted) {
    assertThat(FieldCatalog.isShortened(kind, field)).isEqualTo(shortened);
    assertThat(FieldCatalog.isHidden(kind, field)).isEqualTo(hidden);
    assertThat(FieldCatalog.isUntrusted(kind, field)).isEqualTo(untrusted);
  }

  @Test
  void customKeysAreShownUnchanged() {
    for (String field : new String[] {"public_metadata", "metadata", "claims"}) {
      assertThat(FieldCatalog.isCustom(field)).isTrue();
      assertThat(FieldCatalog.isVerbatim(field)).isTrue();
    }
    // A token in the object of an actor is masked like any other.
    assertThat(FieldCatalog.isCustom("actor")).isFalse();
    assertThat(FieldCatalog.isVerbatim("actor")).isTrue();
  }

  @Test
  void timesAndNoiseAreRecognizedByName() {
    assertThat(FieldCatalog.isTime("created_at")).isTrue();
    assertThat(FieldCatalog.isTime("period_start")).isTrue();
    assertThat(FieldCatalog.isTime("amount")).isFalse();
    assertThat(FieldCatalog.isNoise("image_url")).isTrue();
    assertThat(FieldCatalog.isNoise("object")).isTrue();
    assertThat(FieldCatalog.isNoise("name")).isFalse();
  }
}
