// SPDX-License-Identifier: Apache-2.0
// Source only: this file was never run by Gradle (README). The tests build the same sources with kotlinc.
plugins {
    id("com.android.library")
    kotlin("android")
}

android {
    namespace = "io.clarion.android"
    compileSdk = 36
    ndkVersion = "27.2.12479018" // libc++ with std::expected, 16 kB pages.

    defaultConfig {
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
        externalNativeBuild { cmake { arguments += "-DANDROID_STL=c++_static" } }
        ndk { abiFilters += listOf("arm64-v8a", "armeabi-v7a", "x86_64") }
    }
    externalNativeBuild { cmake { path = file("src/main/cpp/CMakeLists.txt") } }
    sourceSets["main"].kotlin.srcDirs("src/main/kotlin", "../generated")
    kotlinOptions { jvmTarget = "17" }
}

dependencies {
    api("com.google.firebase:firebase-messaging:24.1.0")
    implementation("com.squareup.okhttp3:okhttp:4.12.0")
}
