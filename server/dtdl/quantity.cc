// Covered by tests/server/dtdl/cases_test.cc.
#include "server/dtdl/quantity.h"

#include <algorithm>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "absl/strings/str_split.h"

namespace twingraph::dtdl {
namespace {

constexpr Quantity kQuantities[] = {
    {.unit_type = "AccelerationUnit",
     .semantic_types = "Acceleration",
     .units = "centimetrePerSecondSquared gForce metrePerSecondSquared"},
    {.unit_type = "AngleUnit",
     .semantic_types = "Angle Latitude Longitude",
     .units = "degreeOfArc minuteOfArc radian secondOfArc turn"},
    {.unit_type = "AngularAccelerationUnit",
     .semantic_types = "AngularAcceleration",
     .units = "radianPerSecondSquared"},
    {.unit_type = "AngularVelocityUnit",
     .semantic_types = "AngularVelocity",
     .units = "degreePerSecond radianPerSecond revolutionPerMinute "
              "revolutionPerSecond"},
    {.unit_type = "ApparentEnergyUnit",
     .semantic_types = "ApparentEnergy",
     .units = "gigavoltAmpereHour kilovoltAmpereHour megavoltAmpereHour "
              "voltAmpereHour",
     .not_in_dtdl2 = "ApparentEnergy ApparentEnergyUnit gigavoltAmpereHour "
                     "kilovoltAmpereHour megavoltAmpereHour voltAmpereHour"},
    {.unit_type = "ApparentPowerUnit",
     .semantic_types = "ApparentPower",
     .units = "gigavoltAmpere kilovoltAmpere megavoltAmpere millivoltAmpere "
              "voltAmpere",
     .not_in_dtdl2 =
         "ApparentPower ApparentPowerUnit gigavoltAmpere kilovoltAmpere "
         "megavoltAmpere millivoltAmpere voltAmpere"},
    {.unit_type = "AreaUnit",
     .semantic_types = "Area",
     .units =
         "acre hectare squareCentimetre squareFoot squareInch squareKilometre "
         "squareMetre squareMillimetre"},
    {.unit_type = "CapacitanceUnit",
     .semantic_types = "Capacitance",
     .units = "farad microfarad millifarad nanofarad picofarad"},
    {.unit_type = "ChargeUnit",
     .semantic_types = "ElectricCharge",
     .units = "ampereHour coulomb milliampereHour",
     .not_in_dtdl2 = "ampereHour milliampereHour"},
    {.unit_type = "CurrentUnit",
     .semantic_types = "Current",
     .units = "ampere kiloampere microampere milliampere",
     .not_in_dtdl2 = "kiloampere"},
    {.unit_type = "DataRateUnit",
     .semantic_types = "DataRate",
     .units = "bitPerSecond bytePerSecond kibibitPerSecond kibibytePerSecond "
              "mebibitPerSecond mebibytePerSecond gibibitPerSecond "
              "gibibytePerSecond tebibitPerSecond tebibytePerSecond "
              "exbibitPerSecond exbibytePerSecond zebibitPerSecond "
              "zebibytePerSecond yobibitPerSecond yobibytePerSecond"},
    {.unit_type = "DataSizeUnit",
     .semantic_types = "DataSize",
     .units =
         "bit byte kibibit kibibyte mebibit mebibyte gibibit gibibyte tebibit "
         "tebibyte exbibit exbibyte zebibit zebibyte yobibit yobibyte"},
    {.unit_type = "DensityUnit",
     .semantic_types = "Density Humidity",
     .units = "gramPerCubicMetre kilogramPerCubicMetre microgramPerCubicMetre "
              "milligramPerCubicMetre",
     .not_in_dtdl2 = "microgramPerCubicMetre milligramPerCubicMetre"},
    {.unit_type = "EnergyUnit",
     .semantic_types = "Energy",
     .units = "britishThermalUnit electronvolt gigajoule gigawattHour joule "
              "kiloBritishThermalUnit kilojoule kilowattHour megaelectronvolt "
              "megajoule megawattHour milliwattHour terawattHour wattHour",
     .not_in_dtdl2 =
         "britishThermalUnit gigawattHour kiloBritishThermalUnit megawattHour "
         "milliwattHour terawattHour wattHour"},
    {.unit_type = "ForceUnit",
     .semantic_types = "Force Thrust",
     .units = "newton ounce pound ton"},
    {.unit_type = "FrequencyUnit",
     .semantic_types = "Frequency",
     .units = "gigahertz hertz kilohertz megahertz millihertz",
     .not_in_dtdl2 = "millihertz"},
    {.unit_type = "IlluminanceUnit",
     .semantic_types = "Illuminance",
     .units = "footcandle lux"},
    {.unit_type = "InductanceUnit",
     .semantic_types = "Inductance",
     .units = "henry microhenry millihenry"},
    {.unit_type = "IonizingRadiationDoseUnit",
     .semantic_types = "IonizingRadiationDose",
     .units = "gray microgray microsievert milligray millisievert sievert",
     .not_in_dtdl2 =
         "IonizingRadiationDose IonizingRadiationDoseUnit gray microgray "
         "microsievert milligray millisievert sievert"},
    {.unit_type = "IrradianceUnit",
     .semantic_types = "Irradiance",
     .units = "wattPerSquareMetre",
     .not_in_dtdl2 = "Irradiance IrradianceUnit wattPerSquareMetre"},
    {.unit_type = "LengthUnit",
     .semantic_types = "Distance Length",
     .units =
         "astronomicalUnit centimetre foot inch kilometre metre micrometre "
         "mile millimetre nanometre nauticalMile"},
    {.unit_type = "LuminanceUnit",
     .semantic_types = "Luminance",
     .units = "candelaPerSquareMetre"},
    {.unit_type = "LuminousFluxUnit",
     .semantic_types = "LuminousFlux",
     .units = "lumen"},
    {.unit_type = "LuminousIntensityUnit",
     .semantic_types = "LuminousIntensity",
     .units = "candela"},
    {.unit_type = "MagneticFluxUnit",
     .semantic_types = "MagneticFlux",
     .units = "maxwell weber"},
    {.unit_type = "MagneticInductionUnit",
     .semantic_types = "MagneticInduction",
     .units = "gauss tesla",
     .not_in_dtdl2 = "gauss"},
    {.unit_type = "MassFlowRateUnit",
     .semantic_types = "MassFlowRate",
     .units = "gramPerHour gramPerSecond kilogramPerHour kilogramPerSecond "
              "massPoundPerHour",
     .not_in_dtdl2 = "massPoundPerHour"},
    {.unit_type = "MassUnit",
     .semantic_types = "Mass",
     .units = "gram kilogram massPound microgram milligram slug tonne",
     .not_in_dtdl2 = "massPound"},
    {.unit_type = "PowerUnit",
     .semantic_types = "EnergyRate Luminosity Power",
     .units =
         "britishThermalUnitPerHour gigajoulePerHour gigawatt horsepower "
         "joulePerHour joulePerSecond kiloBritishThermalUnitPerHour "
         "kilojoulePerHour kilojoulePerSecond kilowatt kilowattHourPerYear "
         "megajoulePerHour megawatt microwatt milliwatt tonOfRefrigeration "
         "watt",
     .not_in_dtdl2 =
         "EnergyRate britishThermalUnitPerHour gigajoulePerHour joulePerHour "
         "joulePerSecond kiloBritishThermalUnitPerHour kilojoulePerHour "
         "kilojoulePerSecond megajoulePerHour tonOfRefrigeration"},
    {.unit_type = "PressureUnit",
     .semantic_types = "Pressure",
     .units =
         "bar decapascal hectopascal inchesOfMercury inchesOfWater kilopascal "
         "millibar millimetresOfMercury pascal poundPerSquareInch",
     .not_in_dtdl2 = "decapascal hectopascal"},
    {.unit_type = "RadioactivityUnit",
     .semantic_types = "Radioactivity",
     .units = "becquerel gigabecquerel kilobecquerel megabecquerel",
     .not_in_dtdl2 = "Radioactivity RadioactivityUnit becquerel gigabecquerel "
                     "kilobecquerel megabecquerel"},
    {.unit_type = "ReactiveEnergyUnit",
     .semantic_types = "ReactiveEnergy",
     .units = "gigavoltAmpereReactiveHour kilovoltAmpereReactiveHour "
              "megavoltAmpereReactiveHour voltAmpereReactiveHour",
     .not_in_dtdl2 =
         "ReactiveEnergy ReactiveEnergyUnit gigavoltAmpereReactiveHour "
         "kilovoltAmpereReactiveHour megavoltAmpereReactiveHour "
         "voltAmpereReactiveHour"},
    {.unit_type = "ReactivePowerUnit",
     .semantic_types = "ReactivePower",
     .units =
         "gigavoltAmpereReactive kilovoltAmpereReactive megavoltAmpereReactive "
         "millivoltAmpereReactive voltAmpereReactive",
     .not_in_dtdl2 = "ReactivePower ReactivePowerUnit gigavoltAmpereReactive "
                     "kilovoltAmpereReactive megavoltAmpereReactive "
                     "millivoltAmpereReactive voltAmpereReactive"},
    {.unit_type = "ResistanceUnit",
     .semantic_types = "Resistance",
     .units = "kiloohm megaohm milliohm ohm"},
    {.unit_type = "SoundPressureUnit",
     .semantic_types = "SoundPressure",
     .units = "bel decibel"},
    {.unit_type = "TemperatureUnit",
     .semantic_types = "Temperature",
     .units = "degreeCelsius degreeFahrenheit kelvin"},
    {.unit_type = "TimeUnit",
     .semantic_types = "TimeSpan",
     .units = "day hour microsecond millisecond minute nanosecond second year"},
    {.unit_type = "TorqueUnit",
     .semantic_types = "Torque",
     .units = "newtonMetre"},
    {.unit_type = "Unitless",
     .semantic_types = "Concentration RelativeDensity RelativeHumidity",
     .units =
         "partsPerBillion partsPerMillion partsPerQuadrillion partsPerTrillion "
         "percent unity",
     .not_in_dtdl2 =
         "Concentration RelativeDensity partsPerBillion partsPerMillion "
         "partsPerQuadrillion partsPerTrillion"},
    {.unit_type = "VelocityUnit",
     .semantic_types = "Velocity",
     .units = "centimetrePerSecond kilometrePerHour kilometrePerSecond knot "
              "metrePerHour metrePerSecond milePerHour milePerSecond"},
    {.unit_type = "VoltageUnit",
     .semantic_types = "Voltage",
     .units = "kilovolt megavolt microvolt millivolt volt"},
    {.unit_type = "VolumeFlowRateUnit",
     .semantic_types = "VolumeFlowRate",
     .units =
         "cubicFootPerMinute cubicMetrePerHour cubicMetrePerMinute "
         "cubicMetrePerSecond gallonPerHour gallonPerMinute litrePerHour "
         "litrePerMinute litrePerSecond millilitrePerHour millilitrePerMinute "
         "millilitrePerSecond",
     .not_in_dtdl2 =
         "cubicFootPerMinute cubicMetrePerHour cubicMetrePerMinute "
         "cubicMetrePerSecond gallonPerHour gallonPerMinute litrePerMinute "
         "millilitrePerMinute"},
    {.unit_type = "VolumeUnit",
     .semantic_types = "Volume",
     .units =
         "cubicCentimetre cubicFoot cubicInch cubicMetre fluidOunce gallon "
         "litre millilitre"},
};

// Names to their unit type for one edition, made of kQuantities once.
class QuantityIndex {
 public:
  explicit QuantityIndex(QuantityEdition edition) {
    for (const Quantity& quantity : kQuantities) {
      if (quantity.only_in_extension3 &&
          edition != QuantityEdition::kExtension3) {
        continue;
      }
      Add(quantity, quantity.semantic_types, edition, semantic_types_);
      Add(quantity, quantity.units, edition, units_);
      Add(quantity, quantity.unit_type, edition, unit_types_);
    }
  }

  absl::string_view OfSemantic(absl::string_view name) const {
    return Find(semantic_types_, name);
  }

  absl::string_view OfUnit(absl::string_view name) const {
    return Find(units_, name);
  }

  bool IsUnitType(absl::string_view name) const {
    return unit_types_.contains(name);
  }

 private:
  using Names = absl::flat_hash_map<absl::string_view, absl::string_view>;

  static void Add(const Quantity& quantity, absl::string_view names,
                  QuantityEdition edition, Names& to) {
    const std::vector<absl::string_view> missing =
        absl::StrSplit(quantity.not_in_dtdl2, ' ');
    for (const absl::string_view name : absl::StrSplit(names, ' ')) {
      const bool is_missing =
          edition == QuantityEdition::kDtdl2 &&
          std::find(missing.begin(), missing.end(), name) != missing.end();
      if (!is_missing) {
        to.emplace(name, quantity.unit_type);
      }
    }
  }

  static absl::string_view Find(const Names& names, absl::string_view name) {
    const auto found = names.find(name);
    return found == names.end() ? absl::string_view() : found->second;
  }

  Names semantic_types_;
  Names units_;
  Names unit_types_;
};

const QuantityIndex& IndexOf(QuantityEdition edition) {
  static const QuantityIndex indexes[] = {
      QuantityIndex(QuantityEdition::kDtdl2),
      QuantityIndex(QuantityEdition::kExtension1),
      QuantityIndex(QuantityEdition::kExtension2),
      QuantityIndex(QuantityEdition::kExtension3)};
  return indexes[static_cast<size_t>(edition)];
}

}  // namespace

std::span<const Quantity> Quantities() {
  return kQuantities;
}

absl::string_view UnitTypeOfSemantic(absl::string_view name,
                                     QuantityEdition edition) {
  return IndexOf(edition).OfSemantic(name);
}

absl::string_view UnitTypeOfUnit(absl::string_view name,
                                 QuantityEdition edition) {
  return IndexOf(edition).OfUnit(name);
}

bool IsUnitType(absl::string_view name, QuantityEdition edition) {
  return IndexOf(edition).IsUnitType(name);
}

}  // namespace twingraph::dtdl
