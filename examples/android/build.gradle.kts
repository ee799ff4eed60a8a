// SPDX-License-Identifier: Apache-2.0
// Source only: never run by Gradle. settings.gradle.kts of the app includes ":clarion" from ../../sdk/android.
plugins {
    id("com.android.application")
    kotlin("android")
}

android {
    namespace = "org.example.phone"
    compileSdk = 36
    defaultConfig {
        applicationId = "org.example.phone"
        minSdk = 26
        targetSdk = 36
        buildConfigField("String", "SERVER", "\"https://calls.example.com\"")
        buildConfigField("String", "VERIFY_KEY", "\"\"")
    }
    buildFeatures { buildConfig = true }
    kotlinOptions { jvmTarget = "17" }
}

dependencies { implementation(project(":clarion")) }
