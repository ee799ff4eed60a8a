// SPDX-License-Identifier: Apache-2.0
// Source only: this file was never run by Gradle (README). The tests build the same sources with kotlinc.
plugins {
    id("com.android.library")
    kotlin("android")
}

android {
    namespace = "io.clarion.android.webrtc"
    compileSdk = 36
    defaultConfig {
        minSdk = 26
        consumerProguardFiles("consumer-rules.pro")
    }
    sourceSets["main"].kotlin.srcDirs("src/main/kotlin")
    kotlinOptions { jvmTarget = "17" }
}

dependencies {
    api(project(":clarion"))
    api("io.github.webrtc-sdk:android:125.6422.07") // org.webrtc; BSD-3-Clause.
}
