package io.github.vaultlambda.kotlin

import com.amazonaws.services.lambda.runtime.Context
import com.amazonaws.services.lambda.runtime.RequestHandler
import io.github.vaultlambda.examples.Fingerprint
import io.github.vaultlambda.handler.VaultSecret
import io.github.vaultlambda.secrets.Secret

/** By annotation, in fields; setting KotlinFieldsWithVault. */
class KotlinFields : RequestHandler<Map<String, String>, String> {
    @VaultSecret("secret/data/orders/db#password")
    lateinit var password: String

    @VaultSecret("secret/data/orders/db")
    lateinit var login: Secret<Map<String, String>>

    @VaultSecret("secret/data/orders/db#absent", required = false)
    @JvmField
    var absent: String? = null

    override fun handleRequest(order: Map<String, String>, context: Context): String =
        "fields " + order["order"] + " " + login.get()["user"] + absent + " " + Fingerprint.of(password)
}

/** By annotation, in the constructor; setting KotlinConstructorWithVault. */
class KotlinConstructor(@VaultSecret("secret/data/orders/db#password") private val password: String) :
    RequestHandler<Map<String, String>, String> {
    override fun handleRequest(order: Map<String, String>, context: Context): String =
        "constructor " + order["order"] + " " + Fingerprint.of(password)
}

/** By annotation, in a method; setting KotlinParametersWithVault::handle. */
class KotlinParameters {
    fun handle(order: Map<String, String>, @VaultSecret("secret/data/orders/db#password") password: CharArray): String =
        "parameters " + order["order"] + " " + Fingerprint.of(String(password))
}
